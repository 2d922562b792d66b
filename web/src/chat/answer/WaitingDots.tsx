/** Something is on its way. The words for it stand in the card's foot. */
export function WaitingDots() {
  return (
    <span aria-hidden="true" className="inline-flex h-7 items-center gap-1.5">
      {[0, 160, 320].map((delay) => (
        <span
          key={delay}
          className="size-1.5 animate-pulse rounded-full bg-soft"
          style={{ animationDelay: `${delay}ms` }}
        />
      ))}
    </span>
  );
}
