import { type ReactNode, useEffect, useRef } from "react";
import { TopBar } from "../shell/TopBar";

interface SheetProps {
  title: string;
  children: ReactNode;
}

/** A page with little on it. Its title takes the focus, so that a new one is read out. */
export function Sheet({ title, children }: SheetProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Once: when the language is changed the title changes too, and the focus stays where the reader is.
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <TopBar />
      <div className="mx-auto w-full max-w-xl space-y-5 px-4 pt-[min(10vh,5rem)] pb-16 md:px-6">
        <h1
          ref={heading}
          tabIndex={-1}
          className="font-serif text-30 font-semibold tracking-tight outline-none"
        >
          {title}
        </h1>
        {children}
      </div>
    </>
  );
}
