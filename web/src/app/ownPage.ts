// As the server has it (accounts/links.py): after a second slash or a backslash another host would stand.
const OWN_PAGE = /^(?=\/)(?!\/api(\/|[?#]|$))(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*\/?([?#][!-[\]-~]*)?$/;
const LONGEST = 1000;

/** A path of this page as it is, and the first page in place of anything else. */
export const ownPage = (path: string): string => (path.length <= LONGEST && OWN_PAGE.test(path) ? path : "/");
