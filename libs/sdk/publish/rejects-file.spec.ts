import { csvCell } from './rejects-file.js';

describe(csvCell.name, () => {
  it('quotes as RFC 4180 says', () => {
    expect([csvCell('a,b'), csvCell('say "x"'), csvCell('two\nlines'), csvCell(7)]).toEqual(['"a,b"', '"say ""x"""', '"two\nlines"', '7']);
  });
  it('lets no spreadsheet run a cell', () => {
    expect(['=1+1', '+86', '-1', '@cmd'].map(csvCell)).toEqual(["'=1+1", "'+86", "'-1", "'@cmd"]);
  });
});
