import type { Actor, Permission } from '../../domain/permission.ts';
import type { Row } from '../row.ts';

/** A page of a list that no row belongs to. What it does goes by REST. */
export interface ListActionSpec {
  name: string;
  label: string;
  icon: string;
  /** The file in components/. */
  component: string;
  permission: Permission;
}

/** Something one does with a row beside reading and changing it. Runs on POST only. */
export interface ActionSpec {
  name: string;
  label: string;
  icon: string;
  /** The file in components/ that asks for the input and shows what came of it. */
  component: string;
  permission: Permission;
  /** Fields that the request may carry. */
  input: string[];
  isFor?(row: Row): boolean;
  /** Where the person stands once it is done; otherwise the page of the action stays. */
  afterwards?: 'show';
  /** Without it the page does it by REST. */
  run?(actor: Actor, id: number, input: Record<string, string>): Promise<ActionResult>;
}

export interface ActionResult {
  /** A sentence for the person. */
  message: string;
  /** It was done, and what was asked did not go well. */
  bad?: boolean;
  data?: unknown;
}
