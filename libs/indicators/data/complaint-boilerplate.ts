/**
 * Phrases that any complaint may hold: salutations, pleas, closings. They say nothing of who wrote it, so they are taken out before
 * pieces are made; a text of nothing else is too short to compare. Version 2026-11, own collection. Written as the redaction leaves text: lower case, simplified.
 */
export const COMPLAINT_BOILERPLATE = new RegExp([
  '尊敬的(?:领导|监管部门|客服|各位)?(?:您好)?', '您好|你好', '投诉[:：]', '特此投诉', '(?:恳请|请求|希望|望|请)?(?:贵)?(?:部门|单位|银行|行|平台)?(?:领导)?(?:尽快|及时|予以|帮忙|给予)(?:处理|核实|解决|答复|回复)', '谢谢(?:您|大家)?|感谢(?:您)?|多谢',
  '强烈|恳', '(?:如果)?(?:不|未)(?:能)?(?:处理|解决)(?:的话)?(?:我)?(?:将|会)(?:继续)?(?:向)?(?:有关部门|上级)?(?:投诉|反映)',
  '\\bto whom it may concern\\b', '\\bdear sirs?(?: or madam)?\\b', '\\bthank you(?: very much)?(?: for your (?:time|help|assistance|attention))?\\b', '\\b(?:kind |best )?regards\\b', '\\bsincerely(?: yours)?\\b', '\\bplease help(?: me)?\\b',
].join('|'), 'gu');

/** Words for the sender that people exchange freely. */
export const COMPLAINT_SAME_WORDS: readonly (readonly [RegExp, string])[] = [[/本人|俺|在下|鄙人/gu, '我'], [/贵司|贵公司|该公司|该司|此公司/gu, '该公司'], [/贵行|该行|此行/gu, '该行']];
