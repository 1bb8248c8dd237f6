import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { MESSAGE_LENGTH, TYPING_EVERY_MS } from '../../../domain/chat.ts';
import { chat } from '../../data/chat-api.ts';
import { words } from '../../words.ts';
import { Attachment } from './attachment.tsx';

const { chat: text } = words;
const TELL_LEFT = 200;

interface ComposerProps {
  conversationId: number;
  link: string;
  onDetach(): void;
  onSend(text: string, link: string): void;
}

export function Composer({ conversationId, link, onDetach, onSend }: ComposerProps) {
  const [draft, setDraft] = useState('');
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const saidMs = useRef(0);
  useEffect(() => area.current?.focus({ preventScroll: true }), [conversationId]);
  const left = MESSAGE_LENGTH - draft.length;
  const mayNotSend = left < 0 || (draft.trim() === '' && link === '');

  const write = (value: string) => {
    setDraft(value);
    if (value === '' || Date.now() - saidMs.current < TYPING_EVERY_MS) return;
    saidMs.current = Date.now();
    // Nobody misses it when the connection is away.
    chat.setTyping({ conversationId }).catch(() => {});
  };
  const send = () => {
    // What stands there, also if it was typed faster than it is drawn.
    const written = (area.current?.value ?? draft).trim();
    if (written.length > MESSAGE_LENGTH || (written === '' && link === '')) return;
    onSend(written, link);
    setDraft('');
    saidMs.current = 0;
    area.current?.focus();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {link !== '' && (
        <div>
          <Attachment link={link} onRemove={onDetach} />
          <p class="hint">{text.attachedNote}</p>
        </div>
      )}
      <label class="hidden" for={id}>
        {text.write}
      </label>
      <div class="composer-row">
        <textarea
          id={id}
          ref={area}
          rows={Math.min(6, draft.split('\n').length)}
          value={draft}
          placeholder={text.placeholder}
          aria-describedby={`${id}-keys`}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <button type="submit" class="main" disabled={mayNotSend}>
          {text.send}
        </button>
      </div>
      <p class={left < 0 ? 'hint warn' : 'hint'} id={`${id}-keys`}>
        {left < TELL_LEFT ? text.left(left) : text.keys}
      </p>
    </form>
  );
}
