export interface Layer {
  readonly name: string;
  readonly path: string;
  readonly rooms?: boolean;
  readonly may: readonly string[];
}
export declare const LAYERS: readonly Layer[];
export declare const OUTSIDE: readonly { readonly name: string; readonly path: string }[];
export declare const TEST_FILE: string;
export declare const NEVER_REACHES: readonly {
  readonly name: string;
  readonly why: string;
  readonly from: readonly string[];
  readonly never: readonly string[];
  readonly packages?: readonly string[];
}[];
