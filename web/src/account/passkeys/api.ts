import { answerOf, api } from "../../api/client";

// Apart from the other endpoints: the first page needs none of these.

/** What the browser is to ask its passkeys. */
export const beginSignIn = () => answerOf(api.POST("/api/v1/sign-in/passkey/options"));

/** Signs in by what a passkey signed; `next` is the page of ours to go on to. */
export const signInWithPasskey = (credential: Record<string, unknown>, next: string) =>
  answerOf(api.POST("/api/v1/sign-in/passkey", { body: { credential, next } }));

/** How the browser is to make a passkey, for the account that one is signed in to or for a new one. */
export const beginPasskey = () => answerOf(api.POST("/api/v1/passkeys/options"));

export const keepPasskey = (credential: Record<string, unknown>) =>
  answerOf(api.POST("/api/v1/passkeys", { body: { credential } }));

export const getPasskeys = () => answerOf(api.GET("/api/v1/passkeys"));

export const removePasskey = (passkey_id: string) =>
  answerOf(api.DELETE("/api/v1/passkeys/{passkey_id}", { params: { path: { passkey_id } } }));
