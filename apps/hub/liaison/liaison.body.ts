import { IsString, MaxLength } from 'class-validator';

/** A signed statement of a liaison. */
export class StatementBody {
  @IsString() @MaxLength(65_536)
  jws!: string;
}
