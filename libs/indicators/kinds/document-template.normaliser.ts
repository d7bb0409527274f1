/**
 * The template from which forged documents were made, as the opaque token of the engine that recognised it. Documents
 * themselves, their images and their texts never come here.
 */
import { exactForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { opaqueToken } from '../text/opaque-token.js';

const LABEL = /^(?:(?:伪造|假)?(?:材料|文件|证件|流水|公章|印章)?模板(?:标识|编号|id)?|(?:document ?)?template(?: ?id)?|tpl) ?[:=] ?/iu;

function normaliseTemplate(text: string): NormaliseResult {
  const found = opaqueToken(text, LABEL);
  return 'code' in found ? rejection(found.code) : { forms: [exactForm('document_template', found.value)] };
}

export const documentTemplateNormaliser: Normaliser = screened({
  kind: 'document_template',
  version: 1,
  description: { en: 'opaque token of a template of forged documents, as engine:token; never the document', zh: '伪造材料模板的不透明标识（引擎:标识），不含材料本身' },
  entropy: 'high',
  weakForms: [],
  maxLength: 256,
  examples: () => [
    { raw: 'docscan:77AA01F3C2D94E5B8061A2B3C4D5E6F7', canonical: 'docscan:77aa01f3c2d94e5b8061a2b3c4d5e6f7' },
    { raw: '假流水模板：docscan/77aa01f3c2d94e5b8061a2b3c4d5e6f7', canonical: 'docscan:77aa01f3c2d94e5b8061a2b3c4d5e6f7' },
  ],
  rejects: () => [
    { raw: 'docscan:模板三', code: 'OPAQUE_TOKEN_INVALID' },
    { raw: '77aa01f3c2d94e5b8061a2b3c4d5e6f7', code: 'ENGINE_MISSING' },
    { raw: '', code: 'EMPTY' },
  ],
}, normaliseTemplate);
