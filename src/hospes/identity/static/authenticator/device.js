// What this phone tells about itself when it is linked, so that its owner recognises it.
const version = () => document.documentElement.dataset.version || "";

const PLATFORMS = [
  [/iPhone|iPod/, "iOS", "iPhone", "Apple", "phone"],
  [/iPad/, "iPadOS", "iPad", "Apple", "tablet"],
  [/Android.*Mobile/, "Android", "", "", "phone"],
  [/Android/, "Android", "", "", "tablet"],
  [/CrOS/, "ChromeOS", "", "", "computer"],
  [/Windows/, "Windows", "", "Microsoft", "computer"],
  [/Mac OS X|Macintosh/, "macOS", "Mac", "Apple", "computer"],
  [/Linux/, "Linux", "", "", "computer"],
];

function guess(agent = navigator.userAgent) {
  const found = PLATFORMS.find(([pattern]) => pattern.test(agent));
  if (!found) return { platform: "", model: "", brand: "", type: "phone" };
  let [, platform, model, brand, type] = found;
  if (platform === "macOS" && navigator.maxTouchPoints > 1) {
    // iPads introduce themselves as Macs.
    [platform, model, type] = ["iPadOS", "iPad", "tablet"];
  }
  return { platform, model, brand, type };
}

/** Return {brand, model, platform, type, app_version, locale}. */
export async function describe() {
  const found = guess();
  try {
    const told = await navigator.userAgentData?.getHighEntropyValues(["model", "platform"]);
    if (told?.model) found.model = told.model.slice(0, 60);
    if (told?.platform) found.platform = told.platform.slice(0, 30);
  } catch {
    // The guess will do.
  }
  return { ...found, app_version: version(), locale: document.documentElement.lang };
}

/** Whether the app runs installed, from the home screen. */
export const isInstalled = () =>
  matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

/** Whether this is an iPhone or iPad, where each home screen app keeps its own data. */
export const isApple = () => ["iOS", "iPadOS"].includes(guess().platform);
