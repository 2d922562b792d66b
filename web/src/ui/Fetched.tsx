import { Component, type ReactNode, Suspense } from "react";

interface FetchedProps {
  instead: ReactNode;
  children: ReactNode;
}

/** A part of the page that is fetched when it is first shown; what stands in its place until it has come, or if it never does. */
export class Fetched extends Component<FetchedProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    const { instead, children } = this.props;
    return this.state.failed ? instead : <Suspense fallback={instead}>{children}</Suspense>;
  }
}
