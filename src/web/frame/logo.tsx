export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M18.4 5 8.6 18.2h6.3L13.6 27l9.8-13.2h-6.3z" />
    </svg>
  );
}
