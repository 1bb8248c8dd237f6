import type { Trouble } from '../data/api.ts';

/** What the server says to something that was sent; what is wrong with a field stands at the field. */
export function Refused({ trouble, known = [] }: { trouble: Trouble | null; known?: readonly string[] }) {
  if (!trouble || known.some((field) => trouble.fields[field] !== undefined)) return null;
  return (
    <p class="notice bad" role="alert">
      {trouble.message}
    </p>
  );
}
