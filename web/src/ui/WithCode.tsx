const CODE = /<code>(.*?)<\/code>/;

/** A text in which some words are to be typed as they stand: those in its `<code>`. */
export function WithCode({ text }: { text: string }) {
  return text.split(CODE).map((piece, place) =>
    place % 2 === 0 ? (
      piece
    ) : (
      <code
        // biome-ignore lint/suspicious/noArrayIndexKey: a place is what this is about.
        key={place}
        className="rounded-[4px] bg-ink/7 px-1.5 py-0.5 font-mono text-13 wrap-anywhere"
      >
        {piece}
      </code>
    ),
  );
}
