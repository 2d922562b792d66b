import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { goToProvider } from "../api/endpoints";
import type { SignInProvider } from "../api/types";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useProviderWords } from "./useProviderWords";
import { useSignInProblem } from "./useSignInProblem";

interface ProviderButtonsProps {
  providers: SignInProvider[];
  /** What a button says, by the provider's name. */
  label: (name: string) => string;
  next: string;
  connect?: boolean;
}

/** A button for each provider; pressed, it leaves for the provider's page, which sends one back. */
export function ProviderButtons({ providers, label, next, connect = false }: ProviderButtonsProps) {
  const problemText = useSignInProblem();
  const { providerName } = useProviderWords();
  const leave = useMutation({
    mutationFn: (provider: string) => goToProvider(provider, { next, connect }),
    onSuccess: ({ address }) => window.location.assign(address),
  });
  const { reset } = leave;

  // Who comes back with the browser's own button finds the page as they left it: on its way.
  useEffect(() => {
    window.addEventListener("pageshow", reset);
    return () => window.removeEventListener("pageshow", reset);
  }, [reset]);

  if (providers.length === 0) return null;
  return (
    <div className="space-y-2">
      {providers.map((provider) => (
        <Button
          key={provider.slug}
          className="min-h-11 w-full px-5 py-2 wrap-anywhere"
          disabled={leave.isPending || leave.isSuccess}
          onClick={() => leave.mutate(provider.slug)}
          data-testid={`provider-${provider.slug}`}
        >
          {label(providerName(provider))}
        </Button>
      ))}
      {leave.error && (
        <Notice tone="wrong" live testId="problem">
          <p>{problemText(leave.error)}</p>
        </Notice>
      )}
    </div>
  );
}
