import { normalise } from '../registry.js';
import { simplifiedHan } from '../text/han-fold.js';

const exact = (kind: string, raw: string): string => {
  const result = normalise(kind, raw);
  return 'forms' in result ? result.forms[0].value : result.reject.code;
};
const weak = (kind: string, raw: string): string[] => {
  const result = normalise(kind, raw);
  return 'forms' in result ? result.forms.slice(1).map((form) => `${form.kind}=${form.value}`) : [];
};

describe('phone', () => {
  it('reads 951x and 106x as landlines behind a trunk zero or +86, and as service numbers without', () => {
    expect(exact('phone', '0951-4276736')).toBe('+869514276736');
    expect(exact('phone', '+86 10 6588 3001')).toBe('+861065883001');
    expect(exact('phone', '9514276736')).toBe('CN-DOM:9514276736');
    expect(exact('phone', '1065883001')).toBe('CN-DOM:1065883001');
  });
  it('keeps apart what differs in one digit and what two areas dial alike', () => {
    expect(exact('phone', '13800138000')).not.toBe(exact('phone', '13800138001'));
    expect(exact('phone', '0871-96533')).not.toBe(exact('phone', '0532-96533'));
  });
  it.each([
    ['\ufeff+86\u00a0138\u20110013\u20118000', '+8613800138000'], ['tel:+86-138-0013-8000', '+8613800138000'], ['86 138 0013 8000', '+8613800138000'],
    ['13800138000.0', '+8613800138000'], ['="13800138000"', '+8613800138000'], ['手机(13800138000)', '+8613800138000'], ['电话2：13800138000（微信同号）', '+8613800138000'],
    ['17951 13800138000', '+8613800138000'], ['张三13800138000李四', '+8613800138000'], ['一三八零零138000', '+8613800138000'], ['❶❸❽⓿⓿❶❸❽⓿⓿⓿', '+8613800138000'], ['400-655-0123（工作日9:00-18:00）', '+864006550123'],
    ['010-6555 0123-802', '+861065550123;ext=802'], ['+86-512-65550123-802', '+8651265550123;ext=802'], ['010-65550123（转802）', '+861065550123;ext=802'], ['95588-1', 'CN-SHORT:95588;ext=1'], ['95013-12345', 'CN-DOM:9501312345'],
    ['+86 1069 0123 4567', 'CN-DOM:106901234567'], ['86-95588', 'CN-SHORT:95588'], ['+229 81 12 34 56', '+22981123456'], ['+98 9601', '+989601'], ['+86 (0)512 6555 0123', '+8651265550123'], ['0512-65550123-802', '+8651265550123;ext=802'], ['800-820-0123', '+868008200123'],
  ])('reads %j', (raw, canonical) => { expect(exact('phone', raw)).toBe(canonical); });
  it.each([
    ['1-800-633-0738', 'PHONE_COUNTRY_MISSING'], ['1.646.555.0143', 'PHONE_COUNTRY_MISSING'], ['010-6555012', 'PHONE_LENGTH_INVALID'], ['0951-427673', 'PHONE_LENGTH_INVALID'], ['010-65550123/65550124', 'SEVERAL_VALUES'],
    ['010-65550123 65550124', 'PHONE_LENGTH_INVALID'], ['10-65550123', 'PHONE_NOT_ASSIGNABLE'], ['京A12345', 'PHONE_NOT_NUMERIC'], ['8695588', 'PHONE_AREA_CODE_MISSING'], ['13800138000（手机13900139000）', 'PHONE_NOT_NUMERIC'],
  ])('guesses nothing from %j', (raw, code) => { expect(exact('phone', raw)).toBe(code); });
  it('derives the switchboard from an extension', () => {
    expect(weak('phone', '010-65550123 ext. 8001')).toEqual(['phone_base=+861065550123']);
    expect(weak('phone', '010-65550123')).toEqual([]);
  });
});

describe('org_name', () => {
  it.each([
    ['同一公司两种法定写法', '宏华信息有限责任公司', '宏华信息有限公司'], ['brackets', '行信（遵义）咨询有限公司', '行信(遵义)咨询有限公司'],
    ['Hong Kong and Taiwan', '大眾網絡有限公司', '大衆網絡有限公司'], ['radicals', '⾦⽴科技有限公司', '金立科技有限公司'], ['radicals supplement', '⻋行科技有限公司', '车行科技有限公司'],
    ['words', '長豐傢俱有限公司', '长丰家具有限公司'], ['own simplified form', '鉅派投資有限公司', '钜派投资有限公司'], ['interpunct', '喬治·阿瑪尼貿易', '乔治阿玛尼贸易'],
  ])('is one: %s', (_, a, b) => { expect(exact('org_name', a)).toBe(exact('org_name', b)); });
  it.each([
    ['region', '江门宏华信息有限公司', '长沙宏华信息有限公司'], ['group', '宏华集团有限公司', '宏华有限公司'], ['look-alike', '中国农业银行', '中囯农业银行'],
    ['one character', '新天科技股份有限公司', '新晨科技股份有限公司'], ['钜 and 巨', '钜派投资有限公司', '巨派投资有限公司'], ['limited and joint-stock', '宏华科技有限公司', '宏华科技股份有限公司'],
  ])('are two: %s', (_, a, b) => { expect(exact('org_name', a)).not.toBe(exact('org_name', b)); });
  it.each([
    ['Siemens Aktiengesellschaft', 'Siemens AG'], ['HSBC Holdings p.l.c.', 'HSBC Holdings plc'], ['JSC Tactical Missiles Corporation', 'TACTICAL MISSILES CORP. JOINT STOCK COMPANY'], ['The Coca-Cola Company', 'Coca Cola Company'],
    ['ООО "БАЙКАЛ"', 'Общество с ограниченной ответственностью «Байкал»'], ['S.C. Johnson & Son, Inc.', 'SC Johnson and Son Incorporated'], ['宏华信息有限责任公司武汉分公司', '宏华信息有限公司武汉分公司'],
  ])('is one: %s, %s', (a, b) => { expect(exact('org_name', a)).toBe(exact('org_name', b)); });
  it.each([['Deutsche Bank AG', 'Deutsche Bank GmbH'], ['Foo Ltd', 'Foo PLC'], ['Bank of China (Hong Kong) Limited', 'Bank of China (Singapore) Limited'], ['Global Solutions, Inc.', 'Global Solutions II, Inc.']])(
    'are two: %s, %s', (a, b) => { expect(exact('org_name', a)).not.toBe(exact('org_name', b)); });
  it.each([['中国银行', '中国银行'], ['微 👉 众-银_行', '微众银行'], ['2、中国投资有限责任公司', '中国投资有限公司'], ['被投诉单位：武汉汇顺咨询有限公司', '武汉汇顺咨询有限公司']])('reads %j', (raw, name) => { expect(exact('org_name', raw)).toBe(name); });
  it.each([['XX科技有限公司', 'MASKED'], ['某银行', 'MASKED'], ['武汉*科技有限公司', 'MASKED'], ['同上', 'PLACEHOLDER'], ['信息科技有限公司', 'NAME_GENERIC'], ['甲宁公司/乙宁公司', 'SEVERAL_VALUES']])(
    'knows nobody in %j', (raw, code) => { expect(exact('org_name', raw)).toBe(code); });
  it.each([
    ['汇顺信息咨询服务部（个体工商户）', '汇顺信息咨询服务部'], ['汇顺投资中心（有限合伙）', '汇顺投资中心'], ['中国工商银行股份有限公司武汉分行', '中国工商银行股份有限公司'],
    ['Nanshan Group', 'Nanshan Group Co Ltd'], ['OAO Gazprom', 'Gazprom JSC'], ['Brigade Forty-Four', 'Brigade 44'], ['vanderbilt corp', 'Van der Bilt Corp.'], ['深圳市宏华信息技术有限公司', '深圳宏华信息技术股份有限公司'],
    ['湖北省武汉市宏华信息有限公司', '湖北武汉宏华信息有限公司江岸分公司'],
  ])('have one core: %s, %s', (a, b) => {
    expect(weak('org_name', a)).toEqual(weak('org_name', b));
    expect(weak('org_name', a)).toHaveLength(1);
  });
  it('keeps two towns apart in the core as well', () => { expect(weak('org_name', '长沙宏华信息有限公司')).not.toEqual(weak('org_name', '武汉宏华信息有限公司')); });
  it('derives a core only where enough is left to name one organisation', () => {
    expect(weak('org_name', '长沙宏华信息集团有限公司')).toEqual(['org_core=长沙宏华信息']);
    expect(weak('org_name', '宏华有限公司')).toEqual([]);
  });
});

describe('device_id', () => {
  it('completes an IMEI without check digit and one with a software version', () => {
    expect(exact('device_id', 'IMEI: 00123456789012')).toBe('imei:001234567890128');
    expect(exact('device_id', 'IMEISV: 0012345678901277')).toBe('imei:001234567890128');
    expect(exact('device_id', '00123456789012')).toBe('imei:001234567890128');
    expect(exact('device_id', '3520990017614823')).toBe('imei:352099001761481');
  });
  it('takes digits for an IMEI only where a reporting body begins them', () => {
    expect(exact('device_id', '20260415093000')).toBe('DEVICE_FORM_UNKNOWN');
    expect(exact('device_id', '2026041509300012')).toBe('id16:2026041509300012');
    expect(exact('device_id', 'android_id: 3520990017614823')).toBe('id16:3520990017614823');
  });
  it('keeps the case of a FingerprintJS id', () => {
    expect(exact('device_id', 'viFquq0gOYye4AJHfonQ')).not.toBe(exact('device_id', 'ViFquq0gOYye4AJHfonQ'));
  });
});

describe('web', () => {
  it('keeps path, case and query order', () => {
    expect(exact('url', 'https://a.example/B?y=1&x=2')).toBe('https://a.example/B?y=1&x=2');
    expect(exact('url', 'http://a.example/')).not.toBe(exact('url', 'https://a.example/'));
  });
  it('lets an address meet a domain on what was registered, and another address on its host', () => {
    expect(weak('url', 'http://a.example/b')).toEqual(['registrable_domain=a.example']);
    expect(weak('url', 'http://pay.a.example/b')).toEqual(['registrable_domain=a.example', 'url_host=pay.a.example']);
    expect(weak('domain', 'login.a.example')).toEqual(['registrable_domain=a.example']);
    expect(weak('url', 'https://fix.pages.dev/x')).toEqual(['registrable_domain=fix.pages.dev']);
    expect(weak('url', 'http://203.0.113.9/x')).toEqual(['url_host=203.0.113.9']);
  });
  it('gives no weak form on a host that many share', () => {
    for (const raw of ['https://v.douyin.com/iRNBho6/', 'https://docs.google.com/forms/d/1', 'https://t.cn/A6xyz', 'weixin://dl/business/?t=AbC123', '#小程序://微贷/AbCdEf12']) expect(weak('url', raw)).toEqual([]);
  });
  it.each([
    ['https://www.douyin.com/discover?modal_id=7301234567890123456', 'https://www.douyin.com/video/7301234567890123456'], ['https://m.bilibili.com/video/BV1xx411c7mD/?p=1&share_source=copy', 'https://www.bilibili.com/video/BV1xx411c7mD'],
    ['https://youtu.be/dQw4w9WgXcQ?si=x', 'https://www.youtube.com/watch?v=dQw4w9WgXcQ'], ['http://xhslink.com/a/AbC12dEf', 'https://xhslink.com/a/AbC12dEf'],
    ['https://www.xiaohongshu.com/discovery/item/64aa0000000000001203abcd?xsec_token=1', 'https://www.xiaohongshu.com/explore/64aa0000000000001203abcd'],
    ['weixin://dl/business/?t=AbC123&foo=1', 'weixin://dl/business/?t=AbC123'], ['https://a.example/x?b=2&xsec_token=1&a=1', 'https://a.example/x?b=2&a=1'],
    ['点击 https://a.example/pay?x=1，立即领取', 'https://a.example/pay?x=1'], ['（https://a.example/pay）', 'https://a.example/pay'], ['meows://a[.]example/x', 'https://a.example/x'],
  ])('reads %j', (raw, canonical) => { expect(exact('url', raw)).toBe(canonical); });
  it.each([
    ['https://a.example/pay。', 'https://a.example/pay'], ['【https://a.example/pay】', 'https://a.example/pay'], ['https://a.example/pay点击领取', 'https://a.example/pay'], ['https://a.example/pay，点击', 'https://a.example/pay'],
    ['https://a.example/wiki/中国', 'https://a.example/wiki/%E4%B8%AD%E5%9B%BD'], ['https://a.example/x?q=abc中国', 'https://a.example/x?q=abc%E4%B8%AD%E5%9B%BD'], ['htxps:// a.example/pay', 'https://a.example/pay'],
    ['https://a.example/go?to=https://b.example/x', 'https://a.example/go?to=https://b.example/x'], ['https:/a.example', 'https://a.example/'], ['http://[2001:db8::1]/x', 'http://[2001:db8::1]/x'],
    ['https://a.examplehttps://b.example', 'SEVERAL_VALUES'], ['https://a.example；https://b.example', 'SEVERAL_VALUES'], ['https://a【1】.example/', 'URL_INVALID'], ['https://a.example/b^c', 'https://a.example/b%5Ec'], ['https://pages\u0627.example/', 'URL_INVALID'], ['https://\u05d0\u05d1.example/', 'https://xn--4dbc.example/'], ['http://[::ffff:10.0.0.1]/', 'HOST_NOT_PUBLIC'],
  ])('ends or refuses %j', (raw, canonical) => { expect(exact('url', raw)).toBe(canonical); });
  it.each([['evil . example', 'evil.example'], ['@evil.example', 'evil.example'], ['官网：evil.example/', 'evil.example'], ['evil【x】.example', 'DOMAIN_INVALID'], ['evil.example:8443', 'DOMAIN_INVALID']])(
    'reads the domain %j', (raw, canonical) => { expect(exact('domain', raw)).toBe(canonical); });
  it.each([['客服邮箱:kefu@example.com', 'kefu@example.com'], ['a@example.com <a@example.com>', 'a@example.com'], ['a@example.com、b@example.com', 'SEVERAL_VALUES'], ['（kefu @ example.com）', 'kefu@example.com']])(
    'reads the mailbox %j', (raw, canonical) => { expect(exact('email', raw)).toBe(canonical); });
  it.each(['weixin://dl/chat', 'alipays://platformapi/startapp?page=x', 'javascript:alert(1)'])('knows no address in %j', (raw) => { expect(exact('url', raw)).toBe('URL_SCHEME_UNSUPPORTED'); });
  it('reads the twenty-thousandth address like the first', () => {
    const answers = new Set(Array.from({ length: 20_000 }, () => exact('url', 'https://w\u00e9bank.example/')));
    expect([...answers]).toEqual(['https://xn--wbank-bsa.example/']);
  });
  it('derives a mailbox without tag', () => {
    expect(weak('email', 'k.e.fu+7@gmail.com')).toEqual(['email_base=kefu@gmail.com']);
  });
});

describe('accounts and codes', () => {
  it('reads an IBAN of every published example and no neighbour of it', () => {
    for (const iban of ['GB82WEST12345698765432', 'DE89370400440532013000', 'NO9386011117947', 'MT84MALT011000012345MTLCAST001S']) {
      expect(exact('iban', iban.toLowerCase())).toBe(iban);
      expect(exact('iban', iban.replace(/\d(?=\D*$)/, (d) => String((Number(d) + 1) % 10)))).toBe('CHECK_DIGIT_INVALID');
    }
  });
  it('reads letters that a credit code cannot hold as digits, and trusts the check character only', () => {
    expect(exact('org_id', '9I35OIOOM000I00Y34')).toBe('CHECK_DIGIT_INVALID');
    expect(exact('org_id', '9I35OIOOMOOOI00Y43')).toBe('91350100M000100Y43');
  });
  it.each([
    ['bank_card', 'ICBC(6200000000000005)', '6200000000000005'], ['bank_card', '6200000000000005.0', '6200000000000005'], ['bank_card', '6200 0000 0000 000', 'CARD_LENGTH_INVALID'], ['bank_card', '6200000000000005 6250947000000014', 'SEVERAL_VALUES'],
    ['device_id', 'IMEI(主卡)：001234567890128', 'imei:001234567890128'], ['device_id', '02.30.a2.d8.aa.f6', 'mac:0230a2d8aaf6'], ['device_id', '安卓ID：0fe5c02aaddb7ae2', 'id16:0fe5c02aaddb7ae2'], ['device_id', 'aa:bb:cc:dd:ee:ff', 'JUNK_VALUE'],
    ['social', '+V：abc_1234', 'wechat:abc_1234'], ['social', '老师微信：＋８６ １３８ ００１３ ８０００', 'wechat:13800138000'], ['social', '公众号「信用管家」', 'wechat_official:信用管家'], ['social', '微信abc_1234 QQ2742732341', 'ACCOUNT_INVALID'], ['social', 'https://t.me/share/url?url=x', 'PLATFORM_MISSING'],
    ['crypto_address', 'https://tronscan.org/#/address/TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 'tron:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'], ['iban', 'GB82WEST12345698765432、DE89370400440532013000', 'SEVERAL_VALUES'],
    ['org_id', '營業執照（副本）：91350100M000100Y43', '91350100M000100Y43'], ['id_hash', '身份證：11010118800101123X', 'RAW_ID_REFUSED'], ['licence_plate', '京A••12345', 'MASKED'],
  ])('reads the %s %j', (kind, raw, canonical) => { expect(exact(kind, raw)).toBe(canonical); });
  it('takes a bech32m address under its own checksum only (BIP 350)', () => {
    expect(exact('crypto_address', 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd')).toBe('CHECK_DIGIT_INVALID');
    expect(exact('crypto_address', 'bc1sw50qgdz25j')).toBe('btc:bc1sw50qgdz25j');
    expect(exact('crypto_address', 'BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P')).toBe('CRYPTO_ADDRESS_INVALID');
  });
  it('never takes a raw identity number for something else', () => {
    for (const kind of ['org_id', 'id_hash']) expect(exact(kind, '110111188001010313')).toBe('RAW_ID_REFUSED');
  });
});

describe(simplifiedHan.name, () => {
  it('is idempotent over every Han character of the Basic Multilingual Plane', () => {
    for (let code = 0x2e80; code < 0xfb00; code++) {
      const once = simplifiedHan(String.fromCharCode(code));
      if (simplifiedHan(once) !== once) throw new Error(`U+${code.toString(16)}`);
    }
  });
});
