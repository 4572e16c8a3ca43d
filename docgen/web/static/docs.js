// Starts Swagger UI on our own document. Swagger UI speaks English only, so its fixed words are put into Chinese here.
"use strict";

const WORDS = new Map(
  Object.entries({
    "Authorize": "授权",
    "Available authorizations": "授权",
    "Authorized": "已授权",
    "Logout": "清除密钥",
    "Close": "关闭",
    "Value:": "密钥：",
    "Servers": "服务器",
    "Parameters": "参数",
    "No parameters": "没有参数",
    "Name": "名称",
    "Description": "说明",
    "Try it out ": "试一试",
    "Try it out": "试一试",
    "Cancel": "取消",
    "Reset": "还原",
    "Execute": "发送请求",
    "Clear": "清除",
    "Request body": "请求内容",
    "required": "必填",
    "Responses": "回答",
    "Response": "回答",
    "Server response": "服务器的回答",
    "Request URL": "请求地址",
    "Response body": "回答内容",
    "Response headers": "回答头",
    "Request duration": "用时",
    "Code": "状态码",
    "Details": "详情",
    "Links": "链接",
    "No links": "没有",
    "Media type": "内容类型",
    "Controls ": "由 ",
    " header.": " 头决定。",
    "Example Value": "样例",
    "Edit Value": "编辑",
    "Schema": "结构",
    "Schemas": "数据结构",
    "Headers:": "回答头：",
    "Type": "类型",
    "Default value": "默认值",
    "Available values": "可选值",
    "Download": "下载",
    "Download file": "下载文件",
    "Expand all": "全部展开",
    "Collapse all": "全部收起",
    "Loading": "正在读取",
    "Undocumented": "说明中没有",
  }),
);
// What a server said or a person wrote is never touched.
const FOREIGN = "pre, code, textarea, .markdown, .opblock-summary-path";

function translate(node) {
  const text = node.nodeValue;
  if (WORDS.has(text) && !node.parentElement?.closest(FOREIGN)) {
    node.nodeValue = WORDS.get(text);
  }
}

function translateAll(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    translate(walker.currentNode);
  }
}

const place = document.getElementById("docs");
new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "characterData") {
      translate(change.target);
    }
    for (const node of change.addedNodes) {
      if (node.nodeType === Node.TEXT_NODE) {
        translate(node);
      } else if (node.nodeType === Node.ELEMENT_NODE) {
        translateAll(node);
      }
    }
  }
}).observe(place, { childList: true, subtree: true, characterData: true });

SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
});
