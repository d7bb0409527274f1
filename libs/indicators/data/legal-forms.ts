/**
 * Legal forms of companies as they are written in Latin and Cyrillic letters: the short form first, then its spellings, folded as names are
 * (lower case, no dots, no diacritics, & as and). Version 2026-11. Facts from ISO 20275 (entity legal forms, GLEIF's list) and the company
 * acts themselves. Two forms are one only where the law calls them one: Ltd and Limited, AG and Aktiengesellschaft; never Ltd and PLC.
 */
const FORMS = [
  'ltd: limited', 'co ltd: company limited, co limited, company ltd, limited company', 'corp: corporation', 'inc: incorporated', 'co: company', 'plc: public limited company, public ltd co',
  'llc: limited liability company, limited liability co', 'llp: limited liability partnership', 'lp: limited partnership', 'pte ltd: private limited, pte limited, pvt ltd, pvt limited, private ltd',
  'pty ltd: proprietary limited, pty limited, proprietary ltd', 'co pte ltd: company private limited', 'sdn bhd: sendirian berhad', 'bhd: berhad', 'na: national association', 'dac: designated activity company',
  'ag: aktiengesellschaft', 'gmbh: gesellschaft mit beschrankter haftung, gesellschaft mbh, ges m b h', 'gmbh and co kg: gmbh and co kommanditgesellschaft', 'kg: kommanditgesellschaft',
  'kgaa: kommanditgesellschaft auf aktien', 'ug: unternehmergesellschaft', 'ohg: offene handelsgesellschaft', 'se: societas europaea', 'sa: societe anonyme, sociedad anonima, sociedade anonima',
  'sarl: societe a responsabilite limitee', 'sas: societe par actions simplifiee', 'srl: societa a responsabilita limitata, sociedad de responsabilidad limitada, societatea cu raspundere limitata',
  'sl: sociedad limitada', 'spa: societa per azioni', 'sa de cv: sociedad anonima de capital variable', 'ltda: limitada', 'bv: besloten vennootschap', 'nv: naamloze vennootschap', 'ab: aktiebolag',
  'a/s: aktieselskab', 'aps: anpartsselskab', 'asa: allmennaksjeselskap', 'oy: osakeyhtio', 'oyj: julkinen osakeyhtio', 'sp z oo: spolka z ograniczona odpowiedzialnoscia, sp z o o, sp zoo', 'kk: kabushiki kaisha',
  'jsc: joint stock company, joint stock co', 'ojsc: open joint stock company, oao, otkrytoe aktsionernoe obshchestvo', 'cjsc: closed joint stock company, zao, zakrytoe aktsionernoe obshchestvo',
  'pjsc: public joint stock company, pao, publichnoe aktsionernoe obshchestvo', 'ooo: obshchestvo s ogranichennoi otvetstvennostiu, obshchestvo s ogranichennoy otvetstvennostyu',
  'ооо: общество с ограниченной ответственностью', 'оао: открытое акционерное общество', 'зао: закрытое акционерное общество', 'пао: публичное акционерное общество', 'ао: акционерное общество',
] as const;

/** Forms that their languages put before the name as well as behind it. */
export const PREFIX_FORMS: ReadonlySet<string> = new Set(['llc', 'jsc', 'ojsc', 'cjsc', 'pjsc', 'ooo', 'srl', 'sarl', 'ооо', 'оао', 'зао', 'пао', 'ао', 'kk', 'ltd']);

/** Spelling -> short form; the short form is a spelling of itself. */
export const LEGAL_FORMS: ReadonlyMap<string, string> = new Map(FORMS.flatMap((entry) => {
  const [short = '', spellings = ''] = entry.split(': ');
  return [short, ...spellings.split(', ')].map((spelling) => [spelling, short] as const);
}));
export const LEGAL_FORM_WORDS_MAX = Math.max(...[...LEGAL_FORMS.keys()].map((spelling) => spelling.split(' ').length));
