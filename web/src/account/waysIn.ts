/** Where the page keeps what opens an account: to change one list changes what is the last way in the other. */
export const WAYS_IN = ["ways-in"];
export const IDENTITIES = [...WAYS_IN, "identities"];
export const PASSKEYS = [...WAYS_IN, "passkeys"];
