import { useInstance, useMe } from "../app/queries";

/** The terms that the reader has not agreed to yet: asking does that, while they are shown. */
export function useOpenTerms() {
  const { data: me } = useMe();
  const { data: instance } = useInstance();
  return me?.terms_agreed === false ? instance?.terms : undefined;
}
