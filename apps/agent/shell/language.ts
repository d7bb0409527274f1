import { en, type MessageKey } from '../messages/messages.en.js';
import { zh } from '../messages/messages.zh.js';

export type Language = 'zh' | 'en';
export type MessageParameters = Readonly<Record<string, string | number>>;
const CATALOGUES: Readonly<Record<Language, Readonly<Record<MessageKey, string>>>> = { en, zh };

/** `--lang` wins over LC_ALL, LC_MESSAGES and LANG; anything that is not Chinese reads English. */
export function languageOf(option: string | undefined, env: NodeJS.ProcessEnv): Language {
  const wanted = option ?? (env.LC_ALL || env.LC_MESSAGES || env.LANG || 'en');
  return /^zh/i.test(wanted) ? 'zh' : 'en';
}

/** The catalogue's text with `{name}` replaced. */
export function messageIn(language: Language, key: MessageKey, parameters: MessageParameters = {}): string {
  return CATALOGUES[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}
