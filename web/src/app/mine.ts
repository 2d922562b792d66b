/** What is for the voter, fetched when it is first needed. */
export const mine = () => import("../mine");
