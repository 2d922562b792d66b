import type { Piece } from "../api/types";

/** Where it was found, with what was looked for marked. */
export function Snippet({ pieces }: { pieces: Piece[] }) {
  return (
    <span data-testid="snippet" className="line-clamp-2 text-13 break-words text-soft">
      {pieces.map(({ text, match }, place) =>
        match ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text have no other name.
          <mark key={place} className="rounded-[2px] bg-ochre-wash font-medium text-ink">
            {text}
          </mark>
        ) : (
          text
        ),
      )}
    </span>
  );
}
