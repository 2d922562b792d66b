import type { components } from "./schema";

/** The server's schemas, by the names that the page uses. */
type Schemas = components["schemas"];

export type Arena = Schemas["ArenaView"];
export type Instance = Schemas["Instance"];
export type Me = Schemas["Me"];
export type Quota = Me["quotas"][number];
export type Operator = Schemas["Operator"];
export type Identity = Schemas["Identity"];
export type Session = Schemas["Session"];
export type SignInProvider = Schemas["ProviderView"];
export type Passkey = Schemas["Passkey"];
export type Link = Schemas["Link"];
export type LinkAsked = Schemas["LinkAsked"];
export type Notice = Instance["notices"][number];
export type Contestant = Schemas["Contestant"];
export type Price = Schemas["Price"];

export type HistoryItem = Schemas["HistoryItem"];
export type Piece = Schemas["Piece"];
export type Folder = Schemas["Folder"];
export type Place = Schemas["Place"];
export type Conversation = Omit<Schemas["Conversation"], "battles"> & { battles: Battle[] };
export type Mode = Conversation["mode"];

export type Turn = Schemas["Turn"];
export type Response = Schemas["Response"];
export type ResponseStatus = Response["status"];
export type FinishReason = NonNullable<Response["finish_reason"]>;
export type PartKind = Schemas["AnswerPart"]["kind"];

/** Only the stream tells of `in_line`. */
export type Battle = Schemas["Battle"] & { in_line?: boolean };
export type BattleStatus = Battle["status"];
export type Commitments = Schemas["Commitments"];
export type Vote = Schemas["Vote"];
export type Choice = Vote["choice"];
export type RevealedSide = Schemas["RevealedSide"];
export type SideName = Response["side"];

export type Board = Schemas["Board"];
export type BoardSummary = Schemas["BoardSummary"];
export type BoardRow = Schemas["BoardRow"];
