/** Runs one command line and says how it ended: 0, or the exit status of the error registry with one line on stderr. */
import { CommanderError } from 'commander';
import { ENGINE_CHOICES, isEngineChoice } from '#crypto';
import { DomainError, isDomainError } from '#kernel';
import { transportOf } from '#protocol';
import { setEngine, setPatience } from '#sdk';
import { sharedOptions } from './arguments.js';
import type { CommandModule } from './command-module.js';
import { languageOf, messageIn, type Language } from './language.js';
import { programOf } from './program.js';
import { Shell, type ShellStreams } from './shell.js';

export async function runTally(argv: readonly string[], streams: ShellStreams, commands: readonly CommandModule[]): Promise<number> {
  const shared = sharedOptions(argv);
  const language = languageOf(shared.lang, streams.env);
  const shell = new Shell(streams, language, shared.json, shared.home);
  try {
    const patience = Number(streams.env.TALLY_PATIENCE_SECONDS);
    if (patience > 0 && patience <= 3600) setPatience(patience * 1000);
    chooseEngine(shell);
    const program = programOf(shell, commands);
    if (shared.rest.length === 0) { program.outputHelp(); return 0; }
    await program.parseAsync(shared.rest as string[], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const failure = domainErrorOf(error);
    streams.stderr.write(`${errorLine(failure, language)}\n`);
    const advice = budgetAdvice(failure, language);
    if (advice !== null && !shell.json) streams.stderr.write(`${advice}\n`);
    if (failure.code === 'BUDGET_EXHAUSTED') shell.event('budget.exhausted', { budget: String(failure.fields.budget), refillsAt: refillOf(failure)?.toISOString() ?? null });
    if (streams.env.TALLY_DEBUG === '1' && error instanceof Error) streams.stderr.write(`${error.stack}\n`);
    return transportOf(failure.code).exit;
  }
}

/** TALLY_ENGINE: kernel (default) or libsodium. @throws CONFIG_INVALID for anything else */
function chooseEngine(shell: Shell): void {
  const choice = shell.streams.env.TALLY_ENGINE || 'kernel';
  if (!isEngineChoice(choice)) throw new DomainError('CONFIG_INVALID', 'TALLY_ENGINE', { setting: 'TALLY_ENGINE', allowed: ENGINE_CHOICES.join(', ') });
  setEngine(choice, (reason) => {
    shell.note(`engine.fallback.${reason}`);
    shell.event('engine.fell-back', { to: 'libsodium', reason });
  });
}

function domainErrorOf(error: unknown): DomainError {
  if (isDomainError(error)) return error;
  // Commander's messages name options and commands, which are ours; an argument's value is cut off.
  if (error instanceof CommanderError) {
    const usage = error.code === 'commander.help' ? 'command missing' : error.message.replace(/^error: /, '').replace(/ value '.*' is invalid/s, ' is invalid');
    return new DomainError('BAD_INPUT', usage, { usage });
  }
  return new DomainError('INTERNAL', 'unexpected', { class: error instanceof Error ? error.name : typeof error });
}

/** `CODE: text (field=value, ...)`, always one line. */
function errorLine(error: DomainError, language: Language): string {
  const fields = Object.entries(error.fields).map(([name, value]) => `${name}=${Array.isArray(value) ? value.join('|') : String(value)}`);
  const text = messageIn(language, 'error.line', { text: transportOf(error.code)[language], fields: fields.join(', ') });
  return `${error.code}: ${fields.length > 0 ? text : transportOf(error.code)[language]}`.replace(/\s*[\r\n]+\s*/g, ' ');
}

/** What a person can do about an empty budget, and until when there is nothing to do; null for every other error. */
export function budgetAdvice(error: DomainError, language: Language): string | null {
  if (error.code !== 'BUDGET_EXHAUSTED') return null;
  const refill = refillOf(error);
  const budget = String(error.fields.budget ?? '');
  if (refill === null) return messageIn(language, 'budget.usedUp', { budget });
  const local = refill.toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'medium', timeStyle: 'long' });
  return messageIn(language, 'budget.refills', { budget, local, at: refill.toISOString() });
}

/** The time is a key-holder's word: shown as a date or not at all. */
function refillOf({ fields: { refillsAt } }: DomainError): Date | null {
  const time = typeof refillsAt === 'string' ? Date.parse(refillsAt) : Number.NaN;
  return Number.isNaN(time) ? null : new Date(time);
}
