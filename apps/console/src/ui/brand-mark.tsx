/** A bastion's tower with a keyhole. */
export const BrandMark = ({ size = 28 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="8" fill="#3449a3" />
    <path
      fill="#fff"
      fillRule="evenodd"
      d="M7 7h4v3h3V7h4v3h3V7h4v7l-2 2v9H9v-9l-2-2zm9 9a2.6 2.6 0 0 0-1.4 4.8L14 25h4l-.6-4.2A2.6 2.6 0 0 0 16 16z"
    />
  </svg>
);
