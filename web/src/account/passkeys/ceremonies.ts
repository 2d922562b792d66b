import { decode, encode } from "./base64url";

// The browser's own reading and writing of JSON is missing in many that are in use, and fails where an extension
// keeps the passkeys; so it is done here.

interface Described {
  id: string;
}
type Json = Record<string, unknown>;

const described = (list: unknown) =>
  ((list ?? []) as Described[]).map(({ id }) => ({ type: "public-key" as const, id: decode(id) }));

/** Whether passkeys of this arena can be used at the address of this page. */
export const passkeysWork = (domain: string | null | undefined): boolean =>
  domain === window.location.hostname && window.isSecureContext && "PublicKeyCredential" in window;

/** Whether the browser offers passkeys where an address is typed. */
export const offersWhileTyping = async (): Promise<boolean> =>
  (await window.PublicKeyCredential?.isConditionalMediationAvailable?.()) ?? false;

/** Has the browser make a passkey, which asks its owner. */
export async function create(options: Json): Promise<Json> {
  const user = options.user as { id: string; name: string; displayName: string };
  const publicKey = {
    ...options,
    challenge: decode(options.challenge as string),
    user: { ...user, id: decode(user.id) },
    excludeCredentials: described(options.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id,
    rawId: encode(made.rawId),
    type: made.type,
    response: {
      clientDataJSON: encode(response.clientDataJSON),
      attestationObject: encode(response.attestationObject),
    },
  };
}

/** Has the browser ask which passkey to show; with `whileTyping` only where its owner comes upon it in a field. */
export async function show(options: Json, signal: AbortSignal, whileTyping: boolean): Promise<Json> {
  const publicKey = {
    ...options,
    challenge: decode(options.challenge as string),
    allowCredentials: described(options.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions;
  const mediation = whileTyping ? "conditional" : undefined;
  const shown = (await navigator.credentials.get({ publicKey, signal, mediation })) as PublicKeyCredential;
  const response = shown.response as AuthenticatorAssertionResponse;
  return {
    id: shown.id,
    rawId: encode(shown.rawId),
    type: shown.type,
    response: {
      clientDataJSON: encode(response.clientDataJSON),
      authenticatorData: encode(response.authenticatorData),
      signature: encode(response.signature),
      userHandle: response.userHandle ? encode(response.userHandle) : null,
    },
  };
}

interface Signals {
  signalUnknownCredential?: (unknown: { rpId: string; credentialId: string }) => Promise<void>;
}

/** Tells whoever keeps a passkey that it opens nothing here, so that it is not offered again. Few listen yet. */
export async function forget(credentialId: string): Promise<void> {
  const { signalUnknownCredential } = window.PublicKeyCredential as Signals;
  try {
    await signalUnknownCredential?.call(window.PublicKeyCredential, {
      rpId: window.location.hostname,
      credentialId,
    });
  } catch {
    // then it is offered, and refused with a sentence
  }
}
