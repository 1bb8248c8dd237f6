import { words } from '../words.ts';

/** Takes a page with its state into the composer of a message. */
export function AttachLink({ address }: { address: string }) {
  return (
    <a class="button small" href={`/chat?attach=${encodeURIComponent(address)}`}>
      {words.chat.attach}
    </a>
  );
}
