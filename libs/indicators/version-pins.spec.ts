/**
 * Changing what a normaliser returns changes tokens: two members on two spellings of one value stop meeting, and no test of examples sees it.
 * So each kind@version is pinned to a digest of its answers on a fixed corpus (raw values below, each disturbed in ways that files disturb them).
 * A red test here means: raise `version` in the kind's file and ADD a pin, or undo the change. An old pin is never edited: its tokens exist.
 * Libraries' tables (numbering plans, public suffixes, characters) are inside the digest too. The digests hold on every supported Node.
 */
import { createHash } from 'node:crypto';
import { INDICATOR_KINDS, kindVersion, normalise, type IndicatorKind } from './index.js';

const PINS: Readonly<Record<string, string>> = {
  'phone@2': 'fd3c4234fec92d80d1d3c2c1',
  'org_name@2': '5a2b88af0d9a30470e4236a8',
  'org_id@1': '4c6f7b5969936d4db6b24754',
  'device_id@2': '1e6437ad5dadbb4d86d16fa0',
  'url@2': 'e2a3a2b74b9dc5f0427777b5',
  'domain@1': 'e249873a3837618a5c326c93',
  'email@2': '6bef4d8817b69ffb240f621d',
  'social@2': 'b7599f51020011be7e0f461d',
  'bank_card@2': 'eb6af866c4b6583203386865',
  'iban@1': 'd9a16ef6048e8ff59a0c9803',
  'crypto_address@1': '44aaa1185548f4064489ee87',
  'licence_plate@1': '2421c42ce1a1bf5fefee5635',
  'id_hash@1': 'f10f6d93aebd9bb23b039f35',
  'voiceprint@1': 'deeff62dcce04707f88c0fe5',
  'document_template@1': '85e44590c06223d2b502b632',
  'complaint_text@2': '41c1f724a5d8423e25adb013',
  'phone@3': 'add65dfc2f8cb597b1646df2',
  'org_name@3': 'de7910b4a604432f92036e10',
  'org_id@2': '3c0e20c5bf268d3cd96c08b2',
  'device_id@3': '24b4cb5fb8534cd10abc628e',
  'url@3': '973ded88c1f794c2448e048b',
  'domain@2': 'd64aba5915a776d84f0736b3',
  'email@3': '086618dfaf8c3a30f46d0b2e',
  'social@3': 'ebf40f0f389a390cee9fdbce',
  'bank_card@3': 'c89fc802b5afdb91f073e6fd',
  'iban@2': '3eddda9b283c547cf4a3d4e9',
  'crypto_address@2': 'd1ddecc8dd443eb79e15dd41',
  'licence_plate@2': 'bb3652f82087c3bf4777b106',
  'id_hash@2': 'a13e5a15cd7a66b2bf0daac5',
  'device_id@4': 'f7ea4d4564831aad2ca03f24',
  'complaint_text@3': '1212148e1176e1f8708ef1db',
};

const CORPUS: Readonly<Record<IndicatorKind, readonly string[]>> = {
  phone: ['13800138000', '+86 138 0013 8000', '0086-138-0013-8000', '010-65550123转8001', '(0512)65550123', '400-655-0123', '95588', '010-95588', '0871-96533', '10109777', '+442079460123', '001-646-555-0143', '138****8000', '电话：13800138000（张）', '1.38E+10', '9501312345', '一三八零零一三八零零零', '13800138000/13900139000', '张三 13800138000', '1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣', '+86 10 6555 0123-802', '1 (385) 555-0143', '010-6555012', '010-65550123/65550124', '400-655-0123（24小时）', '955881', '95588-1', '86-95588', '+22985751234', '京A12345'],
  org_name: ['衡水駿達翔商業保理有限公司', '行信（遵义）企业管理咨询集团有限公司', '立晟信息技术有限责任公司', '某某光电股份公司', '深圳市宏华信息技术有限公司武汉分公司', 'ABC Consulting Company Limited', 'The H&M Hennes & Mauritz A.B.', 'Siemens Aktiengesellschaft', 'OAO Gazprom', 'Crédit Agricole S.A.', '⻋行科技有限公司', '鉅派投資有限公司', '有限公司', '不详', '长豐傢俱有限公司', '中國銀行', '1、收款方：微—眾👉银行', '武汉**科技有限公司', '某科技公司', 'XX公司', '武汉市洪山区匯順信息諮詢服務部（個體工商戶）', '贷款公司', '*ST神城', '微\u0336众\u0301银行', '甲宁科技有限公司、乙宁科技有限公司'],
  org_id: ['91350100M000100Y43', '91350100-m000100y4-3', '9I35OIOOMOOOI00Y43', '110111188001010313', '91350100M000100Y34', '统一社会信用代码：91350100M000100Y43', '統一社會信用代碼（稅號）：91350100M000100Y43（存續）'],
  device_id: ['35209900176148', '3520990017614823', '20260415093000', '1234567812345678', 'A1 000049 31B55F', '001234567890128', 'IMEI: 00123456789012', 'MEID: A0000049-31B55F', '6F9619FF-8B86-4D01-B42D-00CF4FC964FF', '02-30-A2-D8-AA-F6', '0fe5c02aaddb7ae2', 'ViFquq0gOYye4AJHfonQ', 'a8b503ee9a1b7627b88b86f22eda3a99d013ddb29ceefc25aaaca51e1f12a8cc', '00000000-0000-0000-0000-000000000000', '設備IMEI號：001234567890128（華為）', '6F9619FF_8B86_4D01_B42D_00CF4FC964FF', '02.30.a2.d8.aa.f6', '00:11:22:33:44:55'],
  url: ['HTTPS://EXAMPLE.COM:443/Login?id=7&utm_source=sms#top', 'example.com/login', 'hxxps://example[.]com', 'https://银行.example/%7euser', 'https://v.douyin.com/iRNBho6/', 'https://youtu.be/dQw4w9WgXcQ?si=x', '#小程序://微贷助手/AbCdEf123456', 'http://192.168.1.1/', 'https://a.b.example.co.uk/x/../y?b=2&a=1', 'https://fix.pages.dev/', '【理财】https://example.com/pay，点击领取100元。', 'https://example.com/pay点击', 'https://example.com/wiki/中国', 'hxxp[://]example。com/pay（已封）', 'https://a.example，https://b.example', 'http://[::ffff:10.0.0.1]/'],
  domain: ['WWW.Example.COM.', '*.example.net', 'evil[.]example', '中国银行.example', 'com.cn', 'wallet-fix.pages.dev', 'a.b.c.example.co.uk', '【evil[dot]example】（已封）', 'evil dot example/', '@evil.example', 'evil【x】.example'],
  email: ['mailto:Help.Desk@EXAMPLE.COM', '客服 <kefu+7@example.com>', 'k.e.fu+7@googlemail.com', 'kefu-x@yahoo.com', 'kefu[at]example[dot]com', 'kefu@例子.中国', 'a@example.com;b@example.com', '【QQ郵箱：123456@qq.com】', 'A <a@example.com>, B <b@example.com>', 'a@example.com <a@example.com>', 'kefu @ example.com'],
  social: ['微信号：wxid_4Kq92mzr1', 'qq2742732341', '@kefu_m7oy1op', 'https://t.me/+AbCdEf123456', 'WhatsApp +1 646 555 0143', '抖音号：ux430191486', '支付宝UID：2088860208598652', 'https://space.bilibili.com/123456', '公众号：信用管家', 'kefu001', '➕微信號：138-0013-8000（備註貸款）', '公众号「信用管家」', '支付宝 2088 8602 0859 8652', 'Q：2742732341', '小紅書：abc'],
  bank_card: ['6200 0000 0000 0005', '卡号：6200-0000-0000-0005', '4111111111111111', '6200 00** **** 0005', '330328188909211624', '6.2E+15', '6200_0000_0000_0005（工商银行）', 'ICBC(6200000000000005)', '6200000000000005/6250947000000014', '6200 0000 0000 000', '6200000000000005.0'],
  iban: ['GB82 WEST 1234 5698 7654 32', 'fr1420041010050500013m02606', 'CH9300762011623852957', 'GB829EST12345698765432', '【IBAN：GB82 WEST 1234 5698 7654 32】（巴克莱银行）', 'GB82WEST12345698765432/DE89370400440532013000'],
  crypto_address: ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', 'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx', 'https://tronscan.org/#/address/TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 'ethereum:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed@1'],
  licence_plate: ['京A·12B45', '粤b 12345', '沪AD12345', '粤Z1234港', '京A1234', '京A•12B45（黑色）'],
  id_hash: ['sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', '110101188001011234', 'sm3:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', '身份证号：110101188001011234', '证件哈希：ba7816bf 8f01cfea 414140de 5dae2223 b00361a3 96177a9c b410ff61 f20015ad'],
  voiceprint: ['Acme-SV3:9F8E7D6C5B4A39281706F5E4D3C2B1A0', '声纹：acme-sv3/9f8e7d6c-5b4a-3928-1706-f5e4d3c2b1a0', '9f8e7d6c5b4a39281706f5e4d3c2b1a0'],
  document_template: ['docscan:77AA01F3C2D94E5B8061A2B3C4D5E6F7', '77aa01f3c2d94e5b8061a2b3c4d5e6f7'],
  complaint_text: ['投诉：2026年2月5日起，石家庄铭铭商务咨询有限公司的催收人员用400-652-5719多次拨打我和家人的电话，威胁要上门并把我的信息发到单位群里，请求停止骚扰。', 'They have taken payments from my account twice and the company says that I was responsible for both of them. I asked them to stop calling me at work.', '无', '在vip平台app上借款时被online客服王女士引导购买pro会员，扣款商户显示福州乐享fun科技有限公司，要求把全部会员费退回。', `${Array.from({ length: 400 }, (_, i) => `第${String(i)}次扣款后${String.fromCodePoint(0x4e00 + i * 7)}${String.fromCodePoint(0x5000 + i * 11)}客服不予退回`).join('。')}。`],
};

/** The ways of files, in one fixed order: wide forms, blanks, marks, quotation, labels, one character lost, doubled, changed. */
function disturbed(raw: string): string[] {
  const wide = [...raw].map((char) => (/[!-~]/.test(char) ? String.fromCharCode(char.charCodeAt(0) + 0xfee0) : char)).join('');
  const middle = Math.floor(raw.length / 2);
  return [
    raw, wide, ` ${raw}\t`, `\ufeff${raw}\u200b`, `“${raw}”；`, `'${raw}`, `="${raw}"`, raw.toUpperCase(), raw.toLowerCase(), `${raw}.`, `${raw}，`, `（${raw}）`, raw.replaceAll('-', '—'), raw.replaceAll(' ', '\u00a0'),
    raw.slice(0, middle) + raw.slice(middle + 1), raw.slice(0, middle) + raw.charAt(middle) + raw.slice(middle), `${raw.slice(0, middle)} ${raw.slice(middle)}`, `${raw}1`, raw.slice(1), raw.slice(0, -1), `${raw} ${raw}`,
  ];
}

function answersOf(kind: IndicatorKind): string {
  return CORPUS[kind].flatMap(disturbed).map((raw) => {
    const result = normalise(kind, raw);
    return 'reject' in result ? result.reject.code : JSON.stringify(result);
  }).join('\n');
}

describe.each(INDICATOR_KINDS)('version of %s', (kind) => {
  it('has the answers that its pin stands for', () => {
    expect({ [kindVersion(kind)]: createHash('sha256').update(answersOf(kind)).digest('hex').slice(0, 24) }).toEqual({ [kindVersion(kind)]: PINS[kindVersion(kind)] });
  });

  it('answers alike in another time zone', () => {
    const zone = process.env.TZ;
    const here = answersOf(kind);
    process.env.TZ = 'Pacific/Kiritimati';
    new Date().getTimezoneOffset();
    expect(answersOf(kind)).toBe(here);
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });
});
