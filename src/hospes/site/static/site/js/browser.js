// The notice about cookies, for browsers that say themselves that cookies are off. The probe sheet
// finds it out without scripts as well; this also sees a change made while the page is open.
const notice = document.getElementById("cookies-off");

if (notice && navigator.cookieEnabled === false) {
  notice.classList.add("is-shown");
}
