import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { useProblemText } from "../ui/useProblemText";

/** Why there is no board to see, and what to do. */
export function BoardProblem({ problem }: { problem: Error }) {
  const { t } = useTranslation("boards");
  const textOf = useProblemText();
  const missing = problem instanceof Problem && problem.document.code === "not_found";
  return (
    <div role="alert" className="py-16">
      <p className="text-17">{missing ? t("missing.text") : textOf(problem)}</p>
      {missing && (
        <p className="mt-2">
          <Link to="/boards" className="text-sea underline underline-offset-4">
            {t("missing.all")}
          </Link>
        </p>
      )}
    </div>
  );
}
