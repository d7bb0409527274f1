/**
 * The three options that every command understands, taken out of the arguments wherever they stand, so that
 * `tally --json overlaps` and `tally overlaps --json` are the same; after `--` nothing is touched.
 */
export interface SharedOptions {
  readonly home: string | undefined;
  readonly lang: string | undefined;
  readonly json: boolean;
  readonly rest: readonly string[];
}

export function sharedOptions(argv: readonly string[]): SharedOptions {
  const found: { home?: string; lang?: string; json: boolean } = { json: false };
  const rest: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    if (argument === '--') { rest.push(...argv.slice(i)); break; }
    const [, name, joined] = /^--(home|lang)(?:=(.*))?$/s.exec(argument) ?? [];
    if (argument === '--json') found.json = true;
    else if (name === undefined || (joined === undefined && argv[i + 1] === undefined)) rest.push(argument);
    else found[name as 'home' | 'lang'] = joined ?? argv[++i]!;
  }
  return { home: found.home, lang: found.lang, json: found.json, rest };
}
