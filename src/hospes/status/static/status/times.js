// A visitor's own time zone is known to the browser alone.
const language = document.documentElement.lang;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (zone) {
  const words = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: zone,
  });
  for (const time of document.querySelectorAll("[data-times] time")) {
    time.textContent = words.format(new Date(time.dateTime));
    time.title = time.textContent;
  }
  for (const line of document.querySelectorAll("[data-zone]")) {
    line.textContent = line.dataset.zone.replace("{zone}", zone);
  }
}
