import type { Turn } from "../../api/types";

/**
 * The turns of one branch, first to last: of the branch with the newest of the turns that follow from `through`
 * or are it; of that with the newest turn of all when `through` is null, or not there any more.
 */
export function branchThrough(turns: Turn[], through: string | null): Turn[] {
  const known = new Map(turns.map((turn) => [turn.id, turn]));
  const branchTo = (end: Turn): Turn[] => {
    const branch: Turn[] = [];
    for (let turn: Turn | undefined = end; turn; turn = known.get(turn.parent_id ?? "")) branch.unshift(turn);
    return branch;
  };
  const chosen = turns.findLast((turn) => branchTo(turn).some(({ id }) => id === through));
  const end = chosen ?? turns.at(-1);
  return end ? branchTo(end) : [];
}

/** A turn's place among those that follow the same turn: versions of one question, oldest first. */
export interface Version {
  number: number;
  count: number;
  earlier: string | undefined;
  later: string | undefined;
}

export function versionOf(turns: Turn[], turn: Turn): Version {
  const versions = turns.filter(({ parent_id }) => parent_id === turn.parent_id);
  const place = versions.findIndex(({ id }) => id === turn.id);
  return {
    number: place + 1,
    count: versions.length,
    earlier: versions[place - 1]?.id,
    later: versions[place + 1]?.id,
  };
}
