import { expect, it } from "vitest";
import { voiceFor } from "./voices";

const voice = (name: string, lang: string, more: Partial<SpeechSynthesisVoice> = {}) =>
  ({ name, lang, localService: true, default: false, voiceURI: name, ...more }) as SpeechSynthesisVoice;

const online = { localService: false };
const chosen = (language: string, voices: SpeechSynthesisVoice[], wanted: string[] = []) =>
  voiceFor(language, voices, wanted)?.name;

it("prefers a voice of this device to one that sends the text away", () => {
  const voices = [voice("Google", "en-US", { ...online, default: true }), voice("Own", "en-GB")];
  expect(chosen("en", voices)).toBe("Own");
});

it("takes one that sends the text away where there is no other", () => {
  expect(chosen("zh", [voice("Own", "en-GB"), voice("Google", "zh-CN", online)])).toBe("Google");
});

it("speaks as people do where the reader lives", () => {
  const voices = [voice("US", "en-US", { default: true }), voice("UK", "en_GB")];
  expect(chosen("en", voices, ["en-GB"])).toBe("UK");
});

it("reads Chinese in Mandarin, by whichever name, unless the reader asks for Cantonese", () => {
  const voices = [voice("HK", "zh-HK"), voice("Mandarin", "cmn-CN")];
  expect(chosen("zh", voices)).toBe("Mandarin");
  expect(chosen("zh", voices, ["zh-HK"])).toBe("HK");
});

it("leaves voices that are jokes to those who have no other", () => {
  expect(chosen("en", [voice("Bad News", "en-US"), voice("Samantha", "en-AU")])).toBe("Samantha");
  expect(chosen("en", [voice("Bad News", "en-US")])).toBe("Bad News");
});

it("has none for a language that no voice speaks", () => {
  expect(chosen("fi", [voice("Own", "en-GB")])).toBeUndefined();
});
