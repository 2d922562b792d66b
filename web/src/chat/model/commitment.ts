import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { RevealedSide, SideName } from "../../api/types";

/**
 * The commitment that a draw makes to one side: lower-case hexadecimal SHA-256.
 *
 * Not by WebCrypto, which browsers withhold from pages on plain HTTP, where most private arenas live.
 */
export function commitmentOf(battleId: string, side: SideName, revealed: RevealedSide): string {
  const lines = [
    "evenhand-commitment-1",
    battleId,
    side,
    revealed.slug,
    revealed.configuration,
    revealed.salt,
  ];
  return bytesToHex(sha256(utf8ToBytes(lines.join("\n"))));
}

/**
 * Whether the revealed contestant is the one that was drawn before the first word: what is computed from the
 * reveal must equal what was promised with the turn.
 */
export function keepsCommitment(
  battleId: string,
  side: SideName,
  revealed: RevealedSide,
  promised: string,
): boolean {
  const computed = commitmentOf(battleId, side, revealed);
  return computed === promised && computed === revealed.commitment;
}
