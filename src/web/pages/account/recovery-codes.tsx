import { useEffect, useRef, useState } from 'preact/hooks';
import { words } from '../../words.ts';

const { codes: text } = words;

/** Shown this once. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept(): void }) {
  const [copied, setCopied] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="recovery">
      <h3 ref={heading} tabIndex={-1}>
        {text.recoveryTitle}
      </h3>
      <p>{text.recoveryText}</p>
      <ul class="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p class="row">
        <button type="button" class="main" onClick={onKept}>
          {text.kept}
        </button>
        {/* Only where the page came over TLS or from this machine. */}
        {'clipboard' in navigator && (
          <button type="button" onClick={() => void navigator.clipboard.writeText(codes.join('\n')).then(() => setCopied(true))}>
            {text.copy}
          </button>
        )}
        <span role="status">{copied ? text.copied : ''}</span>
      </p>
    </div>
  );
}
