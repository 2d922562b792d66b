// One piece for all of it: each of its own would break what the first page shares with it into ever smaller files.
export { GuessFirst } from "./GuessFirst";
export { GuessResult } from "./GuessResult";
export { MyBoardPage } from "./MyBoardPage";
export { SinceYouLeft } from "./SinceYouLeft";
