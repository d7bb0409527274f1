export interface KernelVariant {
  readonly entry?: string;
  readonly edit?: (file: string, text: string) => string;
}
export function printedSources(): Map<string, string>;
export function compileKernel(folder: string, variant?: KernelVariant): Promise<{ wasm: Uint8Array | null; problems: string }>;
