import { sharedOptions } from './arguments.js';

describe(sharedOptions.name, () => {
  it('finds the shared options wherever they stand', () => {
    expect(sharedOptions(['--json', 'overlaps', '--home', '/h', '--since', 'x', '--lang=zh'])).toEqual({ home: '/h', lang: 'zh', json: true, rest: ['overlaps', '--since', 'x'] });
  });
  it('touches nothing after --', () => {
    expect(sharedOptions(['check', '--', '--json'])).toEqual({ home: undefined, lang: undefined, json: false, rest: ['check', '--', '--json'] });
  });
  it('leaves an option without its value to the usage check', () => {
    expect(sharedOptions(['events', '--home']).rest).toEqual(['events', '--home']);
  });
});
