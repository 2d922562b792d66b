import { useTranslation } from "react-i18next";

export default function BoardPage() {
  const { t } = useTranslation("boards");
  return <h1 className="p-8 font-serif text-30">{t("title")}</h1>;
}
