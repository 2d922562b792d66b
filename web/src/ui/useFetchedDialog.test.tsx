// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { useFetchedDialog } from "./useFetchedDialog";

afterEach(cleanup);

interface DialogProps {
  onClose: () => void;
}

function Close({ onClose }: DialogProps) {
  return (
    <button type="button" onClick={onClose}>
      close
    </button>
  );
}

function Opener({ load }: { load: () => Promise<{ default: typeof Close }> }) {
  const { Dialog, open, close } = useFetchedDialog(load);
  return (
    <>
      <button type="button" onClick={open}>
        open
      </button>
      {Dialog && <Dialog onClose={close} />}
    </>
  );
}

const press = (name: string) => act(async () => void fireEvent.click(screen.getByText(name)));

it("opens and closes as often as one likes", async () => {
  render(<Opener load={async () => ({ default: Close })} />);
  for (const _ of [1, 2]) {
    await press("open");
    await press("close");
    expect(screen.queryByText("close")).toBeNull();
  }
});

it("asks again for a dialog that could not be had", async () => {
  let away = true;
  const load = async () => {
    if (away) throw new Error("no network");
    return { default: Close };
  };
  render(<Opener load={load} />);
  await press("open");
  expect(screen.queryByText("close")).toBeNull();
  away = false;
  await press("open");
  expect(screen.queryByText("close")).not.toBeNull();
});
