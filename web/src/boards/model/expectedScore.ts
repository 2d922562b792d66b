/**
 * What one contestant scores against another on average: a win counts 1, a tie ½.
 *
 * Not the probability of a win, which a model without ties cannot tell. Ratings in points, 400 to the decade
 * of odds; answers a number from 0 to 1.
 */
export function expectedScore(rating: number, opponent: number): number {
  return 1 / (1 + 10 ** ((opponent - rating) / 400));
}
