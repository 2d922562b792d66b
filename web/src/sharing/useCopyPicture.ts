import { useCopying } from "../ui/useCopy";

/** Copies a picture; `copy` is missing where the browser withholds the clipboard (plain HTTP). */
export function useCopyPicture() {
  const { said, copy } = useCopying(writePicture);
  const able = typeof ClipboardItem !== "undefined" && navigator.clipboard?.write !== undefined;
  return { said, copy: able ? copy : undefined };
}

async function writePicture(address: string): Promise<boolean> {
  // A promise, not the picture: what is written must be begun in the moment of the click.
  const picture = fetch(address).then((response) => response.blob());
  await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
  return true;
}
