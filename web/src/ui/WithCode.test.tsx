// @vitest-environment happy-dom
import { render } from "@testing-library/react";
import { expect, it } from "vitest";
import { WithCode } from "./WithCode";

it("sets as code what a text says is code, and nothing else", () => {
  const { container } = render(
    <WithCode text="Set <code>A</code> or <code>B_C</code>, <b>then</b> start." />,
  );
  expect([...container.querySelectorAll("code")].map((code) => code.textContent)).toEqual(["A", "B_C"]);
  expect(container.textContent).toBe("Set A or B_C, <b>then</b> start.");
});
