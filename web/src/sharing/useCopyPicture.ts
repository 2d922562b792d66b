import { useEffect, useState } from "react";

/** Copies a picture; `copy` is missing where the browser withholds the clipboard (plain HTTP). */
export function useCopyPicture() {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  const able = typeof ClipboardItem !== "undefined" && navigator.clipboard?.write !== undefined;
  const copy = async (address: string) => {
    // A promise, not the picture: what is written must be begun in the moment of the click.
    const picture = fetch(address).then((response) => response.blob());
    await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
    setCopied(true);
  };
  return { copied, copy: able ? copy : undefined };
}
