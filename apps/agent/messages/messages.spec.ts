import { en } from './messages.en.js';
import { zh } from './messages.zh.js';

describe('message catalogues', () => {
  it('hold the same keys', () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  });
  it('name the same parameters in both languages', () => {
    const parameters = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
    for (const key of Object.keys(en) as (keyof typeof en)[]) expect([key, parameters(zh[key])]).toEqual([key, parameters(en[key])]);
  });
  it('differ in every text that has words', () => {
    for (const key of Object.keys(en) as (keyof typeof en)[]) if (!key.startsWith('error.line')) expect([key, zh[key]]).not.toEqual([key, en[key]]);
  });
});
