/**
 * The cluster into which a voiceprint engine put a caller, as that engine's opaque token. No recording, no biometric vector: members that run the same
 * engine on the same model meet, others do not. Sensitive personal information (PIPL 28).
 */
import { exactForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { opaqueToken } from '../text/opaque-token.js';

const LABEL = /^(?:声纹(?:簇|聚类|标识|id)?|voice ?print(?: ?(?:cluster|id))?|vp) ?[:=] ?/iu;

function normaliseVoiceprint(text: string): NormaliseResult {
  const found = opaqueToken(text, LABEL);
  return 'code' in found ? rejection(found.code) : { forms: [exactForm('voiceprint', found.value)] };
}

export const voiceprintNormaliser: Normaliser = screened({
  kind: 'voiceprint',
  version: 1,
  description: { en: "opaque token of a voiceprint cluster, as engine:token; never a recording or a vector", zh: '声纹聚类的不透明标识（引擎:标识），不含录音或特征向量' },
  entropy: 'high',
  weakForms: [],
  maxLength: 256,
  examples: () => [
    { raw: 'Acme-SV3:9F8E7D6C5B4A39281706F5E4D3C2B1A0', canonical: 'acme-sv3:9f8e7d6c5b4a39281706f5e4d3c2b1a0' },
    { raw: '声纹：acme-sv3/9f8e7d6c-5b4a-3928-1706-f5e4d3c2b1a0', canonical: 'acme-sv3:9f8e7d6c5b4a39281706f5e4d3c2b1a0' },
  ],
  rejects: () => [
    { raw: '9f8e7d6c5b4a39281706f5e4d3c2b1a0', code: 'ENGINE_MISSING' },
    { raw: 'acme-sv3:17', code: 'OPAQUE_TOKEN_INVALID' },
    { raw: 'acme-sv3:00000000000000000000000000000000', code: 'JUNK_VALUE' },
    { raw: '未知', code: 'PLACEHOLDER' },
  ],
}, normaliseVoiceprint);
