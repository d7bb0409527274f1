/** The last sentence, part or word is left out rather than torn: half a name would not be known for one. */
const WHOLE_WITHIN = 500;
/** A full stop inside an address or a number ends nothing. */
const STOPS = /^(?:[。！？；\n]|[.!?;](?=\s))/;
const PAUSES = /^[\s，：、]/;

/** As many characters (UTF-16), as far as the last whole sentence among them; where there is none, as far as a pause or a character. */
export function beginningOf(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = lastOf(text, most, STOPS) ?? lastOf(text, most, PAUSES) ?? most;
  return text.slice(0, end).toWellFormed();
}

function lastOf(text: string, most: number, shape: RegExp): number | undefined {
  for (let end = most; end > Math.max(0, most - WHOLE_WITHIN); end--) if (shape.test(text.slice(end - 1, end + 1))) return end;
  return undefined;
}
