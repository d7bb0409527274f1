import fc from 'fast-check';
import { INDICATOR_KINDS } from '../normaliser.js';
import { normalise, normalisers } from '../registry.js';
import { BrandIndex } from './brand-index.js';
import type { Brand } from './brand.model.js';

const brand = (more: Partial<Brand>): Brand => ({ brandId: 'b1', owner: 'm1', names: [], marks: [], latin: [], numbers: [], domains: [], accounts: [], ...more });
const WEBANK = brand({
  names: ['深圳前海微众银行股份有限公司', '微众银行'], latin: ['WeBank', 'weizhong'], numbers: ['95384', '400-999-8800'], domains: ['webank.com'], accounts: ['微信号：webank_kefu'],
});
const told = (sut: BrandIndex, kind: string, raw: string): string[] => {
  const result = normalise(kind, raw);
  return sut.test(kind, raw, 'forms' in result ? result.forms[0].value : null).map(({ relation, how, strong }) => `${relation === 'OWN' ? 'OWN' : how ?? ''}${strong ? '' : ' (weak)'}`);
};

describe(BrandIndex.name, () => {
  const sut = new BrandIndex([WEBANK]);

  it.each([
    ['湖北微众森态信息科技集团有限公司', 'CONTAINS'], ['微众众诚企业管理（武汉）有限公司', 'CONTAINS'], ['星微众网络科技', 'CONTAINS'],
    ['湖北微眾森態資訊集團有限公司', 'CONTAINS'], ['徽众银行', 'LOOK_ALIKE'], ['微众银衍', 'LOOK_ALIKE'], ['深圳前海微众很行股份有限公司', 'CONTAINS'],
    ['微小众银行', 'INSERTED'], ['微众银行（上海）有限公司', 'REGION_OR_FORM'], ['前海微众银行有限公司', 'REGION_OR_FORM'], ['微众银行信用卡中心', 'CONTAINS'],
    ['WeBank客服中心', 'LATIN'], ['Weizhong Bank', 'CONTAINS'], ['VVebank Ltd', 'LOOK_ALIKE'], ['Wébank', 'OWN'], ['Wеbаnk', 'LOOK_ALIKE'], ['Webnak Inc.', 'MISSPELT'],
  ])('tells the name %s', (name, how) => { expect(told(sut, 'org_name', name)).toEqual([how]); });

  it.each([
    '优化信用管理(武汉)有限公司', '安徽众诚贸易有限公司', '微观众筹网络有限公司', '招商银行', '深圳前海汇众科技有限公司', 'Rebound Bank', 'WestBank plc', '众微科技',
  ])('has nothing to say of %s', (name) => { expect(told(sut, 'org_name', name)).toEqual([]); });

  it.each(['微众银行', '“微眾銀行”', '微 众 银 行', '公司名称：深圳前海微众银行股份公司', '前海微众银行', '深圳前海微众', 'WeBank'])('knows the brand itself in %s', (name) => {
    expect(told(sut, 'org_name', name)).toEqual(['OWN']);
  });

  it.each([
    ['url', 'https://webank.com.secure.example.cn/login', 'DOMAIN'], ['url', 'https://webank-loan.top/', 'DOMAIN'], ['url', 'https://vvebank.com/', 'DOMAIN'], ['url', 'https://wébank.com/', 'DOMAIN'],
    ['url', 'https://webanks.cn/', 'DOMAIN'], ['url', 'https://m.weizhongdai.cn/', 'DOMAIN'], ['url', 'https://hr.webank.com/x', 'OWN'], ['email', 'kefu@webank.cc', 'DOMAIN'], ['email', 'kefu@webank.com', 'OWN'],
    ['phone', '95384', 'OWN'], ['phone', '400 999 8800', 'OWN'], ['phone', '4009998800-1', 'NUMBER'], ['phone', '953841', 'NUMBER'], ['phone', '+86 400 95384', 'NUMBER'],
    ['url', '#小程序://微众贷/AbCdEf123456', 'ACCOUNT'], ['url', 'https://微众贷款.example/', 'DOMAIN'], ['domain', '微眾銀行.example', 'DOMAIN'], ['email', 'webank.kefu@example.com', 'ACCOUNT'],
    ['social', '公众号：微众银行', 'ACCOUNT'], ['social', '微博：@微众信贷客服', 'ACCOUNT'], ['social', '微信号：webank_kefu', 'OWN'], ['social', '微信号：webank_loan88', 'ACCOUNT'], ['social', '抖音号：weizhong2026', 'ACCOUNT'],
  ])('tells %s %s', (kind, raw, how) => { expect(told(sut, kind, raw)).toEqual([how]); });

  it.each([['url', 'https://eubank.com/'], ['url', 'https://bank.we.example.cn/'], ['phone', '13895384000'], ['phone', '0755-83195384'], ['social', '微信号：wxid_4kq92mzr1'], ['social', '公众号：信用管家'], ['url', '#小程序://信用管家/AbCdEf123456'], ['url', 'weixin://dl/business/?t=AbC123'], ['email', 'kefu@example.com'], ['bank_card', '6200000000000005']])(
    'has nothing to say of %s %s', (kind, raw) => { expect(told(sut, kind, raw)).toEqual([]); });

  it('finds a word of the language weak, unless the name speaks of money', () => {
    const sun = new BrandIndex([brand({ names: ['阳光保险'] })]);
    expect(told(sun, 'org_name', '柳州阳光服饰有限公司')).toEqual(['CONTAINS (weak)']);
    expect(told(sun, 'org_name', '柳州阳光金融信息服务有限公司')).toEqual(['CONTAINS']);
  });

  it('takes a mark that the owner declares instead of the derived one', () => {
    const index = new BrandIndex([brand({ names: ['中国农业银行'], marks: ['农行'] })]);
    expect(told(index, 'org_name', '黄冈农行亿诚咨询有限公司')).toEqual(['CONTAINS']);
    expect(told(index, 'org_name', '黄冈农业亿诚咨询有限公司')).toEqual([]);
  });

  it('has a finding for each of two brands that one name comes near', () => {
    const two = new BrandIndex([WEBANK, brand({ brandId: 'b2', names: ['百信银行'] })]);
    expect(two.test('org_name', '微众百信咨询', '微众百信咨询').map(({ brandId }) => brandId).sort()).toEqual(['b1', 'b2']);
  });

  it('knows a brand in any format and takes any text without a fault', () => {
    fc.assert(fc.property(fc.constantFrom(...WEBANK.names), fc.constantFrom(' ', '\u3000', '“', '\u200b', '\ufeff'), fc.nat(6), (name, noise, at) => {
      expect(told(sut, 'org_name', name.slice(0, at) + noise + name.slice(at))).toEqual(['OWN']);
    }));
    fc.assert(fc.property(fc.constantFrom('org_name', 'phone', 'url', 'domain', 'email', 'social', 'other'), fc.string({ unit: 'binary', maxLength: 300 }), (kind, raw) => {
      sut.test(kind, raw, raw);
    }), { numRuns: 150 });
    for (const kind of INDICATOR_KINDS) for (const { raw, canonical } of normalisers[kind].examples()) sut.test(kind, raw, canonical);
  });

  it('tells a name with a mark in it wherever the mark stands', () => {
    const filler = fc.stringMatching(/^[森态晟铭骏驰]{0,8}$/);
    fc.assert(fc.property(filler, filler, (before, after) => {
      fc.pre(before.length + after.length > 0);
      expect(told(sut, 'org_name', `${before}微众${after}有限公司`)).toEqual(['CONTAINS']);
    }));
  });
});
