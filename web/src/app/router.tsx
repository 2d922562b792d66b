import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import type { Mode } from "../api/types";
import { ConversationPage } from "../chat/ConversationPage";
import { NewChatPage } from "../chat/NewChatPage";
import { FailedPage } from "../shell/FailedPage";
import { NotFoundPage } from "../shell/NotFoundPage";
import { Shell } from "../shell/Shell";
import { mine } from "./mine";
import { ownPage } from "./ownPage";

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

/** What a new chat's address may say. */
interface NewChatSearch {
  arena?: string;
  mode?: Mode;
}

const MODES: readonly unknown[] = ["battle", "side_by_side", "direct"] satisfies Mode[];

const newChatRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  component: NewChatPage,
  validateSearch: ({ arena, mode }: Record<string, unknown>): NewChatSearch => ({
    arena: typeof arena === "string" ? arena : undefined,
    mode: MODES.includes(mode) ? (mode as Mode) : undefined,
  }),
});

const conversationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/c/$conversationId",
  component: ConversationPage,
  /** A turn to open at. */
  validateSearch: ({ at }: Record<string, unknown>): { at?: string } => ({
    at: typeof at === "string" ? at : undefined,
  }),
});

const historyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/history",
  component: lazyRouteComponent(() => import("../history/HistoryPage"), "HistoryPage"),
});

const boardPage = lazyRouteComponent(() => import("../boards/BoardPage"));

const boardsRoute = createRoute({ getParentRoute: () => rootRoute, path: "/boards", component: boardPage });

const boardRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/boards/$board",
  component: boardPage,
});

/** Why somebody comes back from a provider without having been signed in. */
interface AccountSearch {
  problem?: string;
}

/** And the page to go on to after signing in. */
interface SignInSearch extends AccountSearch {
  next?: string;
}

const accountSearch = ({ problem }: Record<string, unknown>): AccountSearch => ({
  problem: typeof problem === "string" ? problem : undefined,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  component: lazyRouteComponent(() => import("../account/SignInPage")),
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    ...accountSearch(search),
    next: typeof search.next === "string" ? ownPage(search.next) : undefined,
  }),
});

const linkRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in/link",
  component: lazyRouteComponent(() => import("../account/LinkPage")),
});

const accountRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/account",
  component: lazyRouteComponent(() => import("../account/AccountPage")),
  validateSearch: accountSearch,
});

const myBoardRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/my-board",
  component: lazyRouteComponent(mine, "MyBoardPage"),
});

const privacyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/privacy",
  component: lazyRouteComponent(() => import("../consent/PrivacyPage")),
});

const sharedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/s/$token",
  component: lazyRouteComponent(() => import("../sharing/SharedPage")),
});

const linksRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/links",
  component: lazyRouteComponent(() => import("../sharing/LinksPage")),
});

const dataRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/your-data",
  component: lazyRouteComponent(() => import("../belongings/YourDataPage")),
});

const retentionRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/operations/retention",
  component: lazyRouteComponent(() => import("../operations/RetentionPage")),
  validateSearch: ({ days }: Record<string, unknown>): { days?: number } => ({
    days: typeof days === "number" && Number.isInteger(days) && days > 0 && days <= 1000 ? days : undefined,
  }),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    newChatRoute,
    conversationRoute,
    historyRoute,
    boardsRoute,
    boardRoute,
    signInRoute,
    linkRoute,
    accountRoute,
    myBoardRoute,
    privacyRoute,
    sharedRoute,
    linksRoute,
    dataRoute,
    retentionRoute,
  ]),
  defaultErrorComponent: FailedPage,
  defaultPreload: "intent",
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
