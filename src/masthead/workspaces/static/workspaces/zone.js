// Chooses the browser's time zone in a select marked data-guess-zone, unless one was chosen already.
document.querySelectorAll("select[data-guess-zone]").forEach((select) => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (select.value === "UTC" && [...select.options].some((option) => option.value === zone)) select.value = zone;
});
